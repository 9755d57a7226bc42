#include "tests/registry/clients.h"

#include "tests/kernel/process.h"

#include <gtest/gtest.h>

namespace ecc::test {

std::string client(const std::string& name) {
    Output built =
        run({ECC_SOURCE_DIR "/tests/registry/clients/build", ECC_CACHE_DIR, name}, std::chrono::minutes(9));
    if (built.status != 0) {
        ADD_FAILURE() << name << " cannot be built:\n" << built.err;
        return {};
    }
    return built.out.substr(0, built.out.find('\n'));
}

} // namespace ecc::test
