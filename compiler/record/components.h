// Which of the things that come with ecc a build used. In: the headers that were read and the libraries that
// were linked. Out: components with versions, licences and the digests of those files.
#pragma once

#include "compiler/dependencies.h"
#include "compiler/record/build_record.h"
#include "compiler/resources.h"

namespace ecc {

struct UsedFiles {
    std::vector<RecordedFile> sources; ///< what is not ecc's
    std::vector<RecordedComponent> components;
};

/// In the order of names. An environment error if a file cannot be read any more.
Result<UsedFiles> find_used_files(const Dependencies& files, const Resources& resources);

} // namespace ecc
