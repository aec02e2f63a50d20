-- Answers that are kept for repeated requests are sealed from now on; those that are not are forgotten.
DELETE FROM idempotency WHERE status IS NOT NULL;
