#include "runtime-min/permissions.h"

#include <array>

namespace ecc {

namespace {

struct Word {
    Permission permission;
    std::string_view name;
    std::string_view operand;
};

constexpr std::array words{
    Word{Permission::act, "act", ""},        Word{Permission::bytes, "bytes", ""},
    Word{Permission::attach, "attach", ""},  Word{Permission::symbols, "symbols", ""},
    Word{Permission::pin, "pin", "=FOLDER"}, Word{Permission::files, "files", "=DIR[:rw]"},
    Word{Permission::env, "env", "=NAME"},
};

const Word& word_of(Permission permission) {
    return words[static_cast<std::size_t>(permission)];
}

template <class T> void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

bool Permissions::has(Permission permission) const {
    const std::array given{act, bytes, attach, symbols, !pins.empty(), !files.empty(), !environment.empty()};
    static_assert(given.size() == words.size());
    return given[static_cast<std::size_t>(permission)];
}

std::vector<Permission> Permissions::all() const {
    std::vector<Permission> given;
    for (const auto& word : words) {
        if (has(word.permission))
            given.push_back(word.permission);
    }
    return given;
}

void Permissions::add(const Permissions& more) {
    act |= more.act;
    bytes |= more.bytes;
    attach |= more.attach;
    symbols |= more.symbols;
    append(pins, more.pins);
    append(environment, more.environment);
    append(files, more.files);
}

std::string_view permission_name(Permission permission) {
    return word_of(permission).name;
}

std::string permission_flag(Permission permission) {
    const auto& word = word_of(permission);
    return "--allow " + std::string(word.name) + std::string(word.operand);
}

std::vector<PermissionRequest> requests_of(const ObjectFacts& object) {
    std::vector<PermissionRequest> requests;
    for (auto& reason : acting_reasons(object))
        requests.push_back({Permission::act, std::move(reason)});
    for (const auto& map : object.maps) {
        if (map.pinned_by_name)
            requests.push_back({Permission::pin, "map '" + map.name + "' asks to be pinned"});
    }
    return requests;
}

} // namespace ecc
