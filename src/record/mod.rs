//! Business records declared once: fields, forms, lists, log.
