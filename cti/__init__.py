"""The only code that speaks to Asterisk: AMI, AGI, the dispatcher that rings phones, and the call log."""
