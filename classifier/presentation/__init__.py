"""What pages and API say of pictures and of classifiers that people teach. Nothing is stored here."""
