-- The root of a day is over what happened before it began; those that are there were over another instant, which nobody can tell.
DELETE FROM approval_root;
