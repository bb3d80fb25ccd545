"""Pictures of ECGs that the product shows or is tested with."""
