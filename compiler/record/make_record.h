// A build's record. In: what the build was asked for and what it read. Out: the value that is written.
#pragma once

#include "compiler/build.h"
#include "compiler/record/build_record.h"
#include "compiler/resources.h"
#include "packager/package/manifest.h"
#include "support/bytes.h"

namespace ecc {

struct FinishedBuild {
    const BuildOptions& options;
    const Manifest& manifest;
    const Dependencies& files; ///< sources, headers, libraries
    const std::filesystem::path& output;
    ByteView package;
    std::string_view log;
    std::int64_t started = 0;
};

/// An environment error if a file cannot be read any more.
Result<BuildRecord> make_build_record(const FinishedBuild& build, const Resources& resources);

} // namespace ecc
