"""The job on Dataflow: its flags, what is looked at before it costs money, and how it is sent and followed."""
