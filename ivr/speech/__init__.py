"""Speech: how words sound, which phrases a grammar accepts, and the model that Halo ships for both languages."""
