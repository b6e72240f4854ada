"""Messages generated from protos/attune/v1; run `make protos` to renew them."""
