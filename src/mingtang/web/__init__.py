"""The way in by HTTP: pages, API, sign-in by link and code, uploads. What happens in a lesson is live's affair."""
