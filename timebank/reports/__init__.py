"""What happened in a period, for funders, organisations and auditors: reads only, and reconciles to the ledger."""
