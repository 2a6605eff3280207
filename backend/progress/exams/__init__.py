"""What exams are made of: their questions, the standard ones, how they and certificates look to their readers."""
