"""整改通 (Rectify): supervision of government websites and new media, from finding to closed reply."""
