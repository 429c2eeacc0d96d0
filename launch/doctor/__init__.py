"""What is wrong here, and the next step: one small check for each thing that can be."""
