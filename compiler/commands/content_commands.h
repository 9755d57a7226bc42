// `fetch`, `push` and `delete`, which `ecc blob` and `ecc manifest` have alike.
#pragma once

#include "compiler/commands/registry_options.h"

namespace ecc {

struct ContentArguments {
    std::string reference;
    std::string file; ///< empty or "-": a standard stream
    std::string media_type;
    bool descriptor = false;
    bool force = false;
    RegistryOptions registry;
};

/// What their help says.
struct ContentTexts {
    std::string noun;         ///< "a blob"
    const char* stored_forms; ///< references to what is there
    const char* new_forms;    ///< references to where it shall be
    const char* file;
    const char* media_type;
    std::string deleting; ///< "delete a blob"
};

struct ContentCommands {
    CLI::App* fetch;
    CLI::App* push;
    CLI::App* remove;
};

/// One of them must be given. `arguments` and `diagnostics` must outlive `app`.
ContentCommands add_content_commands(CLI::App& app, ContentArguments& arguments, const ContentTexts& texts,
                                     const Diagnostics& diagnostics);

} // namespace ecc
