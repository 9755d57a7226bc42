// Changes to a manifest that several clients keep under one tag, such as the list of referrers of a registry
// without that API (distribution specification 1.1, "Referrers Tag Schema"), or cosign's older signatures.
//
// Reading, changing and writing are three requests, and a registry that knows no conditional PUT lets the
// last writer win. So the tag is read again some time after writing, longer than our own change took, and the
// change is made anew if another client's list took its place. It is done when it is still there and nobody
// else changed the tag in between. What remains: a client that read the tag before our change and writes it
// only after our last look.
#pragma once

#include "packager/oci/repository_client.h"

namespace ecc {

/// An environment error if other clients' changes replaced ours again and again.
Result<void> revise_tag(RepositoryClient& client, const std::string& tag, const Revision& revise);

} // namespace ecc
