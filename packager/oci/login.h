// Whether a registry accepts a login, asked at its front door (distribution specification 1.1, "Determining
// Support").
#pragma once

#include "packager/oci/credential_helper.h"
#include "packager/oci/store.h"

namespace ecc {

/// An environment error if it does not.
Result<void> check_login(const std::string& host, const HelperLogin& login, const StoreOptions& options);

} // namespace ecc
