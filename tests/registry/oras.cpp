#include "tests/registry/oras.h"

#include "tests/kernel/process.h"

#include <gtest/gtest.h>

namespace ecc::test {

std::string oras() {
    Output built = run({ECC_SOURCE_DIR "/tests/registry/oras/build", ECC_CACHE_DIR}, std::chrono::minutes(9));
    if (built.status != 0) {
        ADD_FAILURE() << "oras cannot be built:\n" << built.err;
        return {};
    }
    return built.out.substr(0, built.out.find('\n'));
}

} // namespace ecc::test
