"""The speech process: Asterisk's speech engine over AEAP. Callers' sound goes into its WebSocket server, words come out."""
