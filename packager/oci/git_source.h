// Where the source came from, read from the files of a git checkout (gitrepository-layout(5)) without running
// git.
#pragma once

#include "packager/oci/descriptor.h"

#include <filesystem>

namespace ecc {

/// org.opencontainers.image.source, the URL of the remote "origin" without logins and query, and .revision,
/// the commit that is checked out, for the checkout around `folder`. What cannot be told is left out.
AnnotationMap git_annotations(const std::filesystem::path& folder);

} // namespace ecc
