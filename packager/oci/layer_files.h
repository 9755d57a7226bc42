// The files in the layers of images.
#pragma once

#include "packager/oci/tar.h"
#include "packager/oci/transfer.h"

namespace ecc {

/// Of layers that are tar files.
bool is_tar_layer(std::string_view media_type);

/// Fetches a layer and gives its members to `open` (tar.h). An input error if it, packed or not, is larger
/// than `max_layer_size`.
Result<void> read_layer_files(Store& store, const Reference& reference, const Descriptor& layer,
                              const OpenTarFile& open, const Progress& progress);

/// An input error if the layer is too large to be read.
Result<void> check_layer_size(const Descriptor& layer, const std::string& where);

} // namespace ecc
