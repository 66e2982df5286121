"""From an uploaded PDF to pages on the wall: intake, a limited worker process, the shelf of finished pictures."""
