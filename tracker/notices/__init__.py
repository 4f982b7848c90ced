"""Notices (通知): batch, notice, assignment, item; drafting, approval, numbering, issue, receipt and closing."""
