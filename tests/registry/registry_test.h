// The fixture of the tests with registries: a folder of its own as HOME and working folder, the programs as a
// user starts them, and a package to move about.
#pragma once

#include "packager/package/package.h"
#include "support/files.h"
#include "tests/kernel/process.h"
#include "tests/registry/registry_process.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc::test {

class RegistryTest : public testing::Test {
protected:
    void SetUp() override;

    /// Runs a program in the folder, without the logins, proxies and settings of whoever runs the tests.
    Output run_here(const Command& command);
    Output ecc(const Command& arguments);
    /// Several `ecc` at the same time.
    std::vector<Output> ecc_at_once(const std::vector<Command>& calls);

    /// `ecc` with --json; a failure of the test if it fails.
    nlohmann::json ecc_json(Command arguments);

    void start_registry(const RegistryOptions& options = {});
    /// A reference into the registry: "localhost:PORT/NAME"
    std::string ref(const std::string& name) const { return registry_->host() + "/" + name; }

    std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }
    Bytes read(const std::string& name) const;
    void write(const std::string& name, ByteView content) const;
    /// Names of everything in the folder, sorted.
    std::vector<std::string> files() const;
    void set(const std::string& variable, const std::string& value) {
        variables_.push_back(variable + "=" + value);
    }

    /// The command with the folder and the environment that a program of the test gets.
    Command here(const Command& command) const;

    TempDir folder_ = TempDir::make().value();
    Bytes package_; ///< also in the file tool.wasm
    std::vector<std::string> variables_;
    std::unique_ptr<RegistryProcess> registry_;
};

} // namespace ecc::test
