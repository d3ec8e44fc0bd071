"""What a team sells, as one YAML file: read, checked, declared, and told to the application as a manifest."""
