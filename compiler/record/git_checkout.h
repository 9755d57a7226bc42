// The git checkout that files are in, and whether they are as its commit has them, which git itself is asked.
#pragma once

#include "compiler/record/build_record.h"
#include "packager/oci/descriptor.h"

#include <filesystem>

namespace ecc {

/// The checkout around `folder`, all of it empty outside one. Its state is clean if git finds no file changed
/// that it keeps, and keeps every one of `sources` that is in the checkout; of a folder, all but what it is
/// told to ignore. No program runs that the checkout's own configuration names; the state is unknown if its
/// files cannot be told without one.
RecordedCheckout find_checkout(const std::filesystem::path& folder,
                               const std::vector<std::filesystem::path>& sources);

/// org.opencontainers.image.source and .revision, as far as they can be told: the commit if the checkout is
/// clean, COMMIT-dirty if it is modified.
AnnotationMap checkout_annotations(const RecordedCheckout& checkout);

} // namespace ecc
