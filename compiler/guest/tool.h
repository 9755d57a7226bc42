// Another program's run, such as cargo's or go's: it is found on PATH, writes its messages to our standard
// error and answers on its standard output.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ecc {

struct ToolRun {
    std::vector<std::string> arguments;                           ///< the program first
    std::filesystem::path folder;                                 ///< where it runs
    std::vector<std::pair<std::string, std::string>> environment; ///< besides ours
    bool hides_messages = false; ///< what it writes to standard error is not for the user
    std::string withheld = {};   ///< variables of ours whose names begin so are not passed on; empty: none
};

struct ToolAnswer {
    bool ok = false;
    std::string output;
};

/// An environment error, with `install` as its hint, if there is no such program.
Result<ToolAnswer> run_tool(const ToolRun& run, const std::string& install);

} // namespace ecc
