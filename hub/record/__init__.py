"""What intake, delivery and a person do alike with the canonical record, inside a transaction of theirs."""
