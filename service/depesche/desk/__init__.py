"""The reading desk: the service's pages for editors, and what they say of a brief.

    routes_* ──▶ reading (a brief made ready to be shown) ──▶ pages (templates/) ──▶ HTML
        │             └─ marks, english                           static/: style and small modules
        └──▶ feedback ──▶ store

Everything works without JavaScript; the modules in static/ light up counterparts, show stages as they run, open
reviews beside the text and bring keyboard shortcuts. `routes.desk_router` is what the service mounts.
"""
