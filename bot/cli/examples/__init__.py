"""Made-up officials, cases and announcements of `motcua demo`, plainly invented and put in as real ones are."""
