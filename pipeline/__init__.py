"""How the job is put together and started."""
