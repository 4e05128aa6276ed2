"""Feeds as a source of articles: RSS and Atom, fetched under the guards of `depesche.fetch`, each entry briefed once.

    document = read_feed(answer)                                        # `reading`: bytes to entries
    polled = Poller(store, fetcher, config, pipeline.run).poll(feed)    # `polling`: new entries to stored briefs

Nothing is imported here: the process that parses a feed begins with this module and shall begin soon.
"""
