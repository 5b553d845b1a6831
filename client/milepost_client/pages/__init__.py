"""What a person looks at: lists, cards and pages, each from the views, for people and as JSON."""
