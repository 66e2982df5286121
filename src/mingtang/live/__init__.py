"""The one writer: a task per running lesson. Commands in, durable facts, patches of views out."""
