"""The lead's dashboard: pages drawn on the server, of the structs that `reads/` gives and the interface answers.

`router` says which address is which page; `door` signs in and out; `pages` and `forms` are the table of both; `frame`
draws. Nothing is decrypted here, and nothing is on a page that the interface would not answer.
"""
