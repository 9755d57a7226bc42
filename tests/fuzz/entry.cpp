// The start of a libFuzzer program: ECC_FUZZ_TARGET is a function of targets.h.
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ecc::fuzz::ECC_FUZZ_TARGET({data, size});
    return 0;
}
