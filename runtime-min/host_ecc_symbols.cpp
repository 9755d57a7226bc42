// Kernel symbols and process maps of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include <algorithm>

namespace ecc {

namespace {

std::array<std::uint8_t, 8> bytes_of(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes;
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

} // namespace

EccHost::Status EccHost::symbol_at(std::uint64_t address, Address name, std::uint32_t length, Address start) {
    ECC_TRY(const auto room, session_.memory.output(name, length));
    ECC_CHECK(session_.memory.output(start, sizeof address));
    ECC_TRY(const auto* symbols, session_.kernel_symbols());
    const auto found = symbols->at(address);
    if (!found)
        return errno_error(ENOENT);
    std::ranges::copy(found->name.substr(0, length), room.begin());
    ECC_CHECK(session_.memory.copy_out(start, bytes_of(found->start)));
    return static_cast<std::int32_t>(found->name.size());
}

EccHost::Status EccHost::symbol_find(Address name, std::uint32_t name_length, Address address) {
    ECC_TRY(const auto text, session_.memory.text(name, name_length));
    ECC_CHECK(session_.memory.output(address, sizeof(std::uint64_t)));
    ECC_TRY(const auto* symbols, session_.kernel_symbols());
    const auto found = symbols->find(text);
    if (!found)
        return errno_error(ENOENT);
    ECC_CHECK(session_.memory.copy_out(address, bytes_of(found->start)));
    return 0;
}

EccHost::Status EccHost::process_map_at(std::int32_t pid, std::uint64_t address, Address name,
                                        std::uint32_t length, Address start, Address offset) {
    ECC_TRY(const auto room, session_.memory.output(name, length));
    ECC_CHECK(session_.memory.output(start, sizeof address));
    ECC_CHECK(session_.memory.output(offset, sizeof address));
    ECC_TRY(const auto mapping, session_.process_mapping(pid, address));
    std::ranges::copy(std::string_view(mapping.name).substr(0, length), room.begin());
    ECC_CHECK(session_.memory.copy_out(start, bytes_of(mapping.start)));
    ECC_CHECK(session_.memory.copy_out(offset, bytes_of(address - mapping.start + mapping.offset)));
    return static_cast<std::int32_t>(mapping.name.size());
}

} // namespace ecc
