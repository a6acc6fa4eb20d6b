"""Two runs beside each other. Pure: what they measured comes in, a comparison and its text go out."""
