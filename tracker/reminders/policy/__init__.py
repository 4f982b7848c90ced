"""Who is told of what, when an unanswered assignment is reminded of, and when and how often letters leave."""
