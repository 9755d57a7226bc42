// What ecc-run does on which kernel: tests/kernel/capabilities says what should be, this machine and virtual
// machines say what is.
#include "tests/kernel/kernel_test.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <sstream>
#include <sys/utsname.h>

namespace ecc::test {

namespace {

struct Version {
    int major = 0, minor = 0;
    auto operator<=>(const Version&) const = default;
};

Version parse_version(const std::string& text) {
    Version version;
    char dot = 0;
    std::istringstream(text) >> version.major >> dot >> version.minor;
    return version;
}

struct Capability {
    std::string name;
    Version since;
};

struct Outcome {
    bool offered = false; ///< the kernel has what the table says that it needs
    std::string result;   ///< "works", "refused", "silent"
    std::string reason;
};

/// By capability.
using Outcomes = std::map<std::string, Outcome>;

Outcomes parse_outcomes(const std::string& text) {
    Outcomes outcomes;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name, offered;
        Outcome outcome;
        words >> name >> offered >> outcome.result;
        std::getline(words >> std::ws, outcome.reason);
        outcome.offered = offered == "yes";
        outcomes.emplace(name, outcome);
    }
    return outcomes;
}

constexpr std::chrono::minutes suite_deadline(20);

class CapabilitiesTest : public KernelTest {
protected:
    explicit CapabilitiesTest(std::string table = "capabilities.txt") : table_(std::move(table)) {}

    void SetUp() override {
        KernelTest::SetUp();
        const auto from = source("tests/kernel/capabilities");
        std::ifstream table(from / table_);
        for (std::string line; std::getline(table, line);) {
            std::istringstream words(line);
            std::string name, since;
            if (line.starts_with("#") || !(words >> name >> since))
                continue;
            capabilities_.push_back({name, parse_version(since)});
        }
        ASSERT_FALSE(capabilities_.empty());
        fs::create_directory(folder() / "packages");
        for (const auto& capability : capabilities_)
            make_package(capability.name);
        for (const auto& file : {std::string("run"), table_})
            fs::copy(from / file, folder() / file);
        fs::copy(fs::path(ECC_BINARY_DIR) / "bin/usdt_target", folder() / "usdt_target");
        const auto stripped = test::run({"strip", "-o", folder() / "ecc-run", ecc_run()});
        ASSERT_EQ(stripped.status, 0) << stripped.err;
    }

    Command suite() const { return {"./run", "./ecc-run", table_, "packages"}; }

    void expect(const std::string& kernel, const Outcomes& outcomes) const {
        const auto version = parse_version(kernel);
        for (const auto& [name, since] : capabilities_) {
            const auto found = outcomes.find(name);
            ASSERT_NE(found, outcomes.end()) << kernel << ": no outcome of " << name;
            const auto& [offered, result, reason] = found->second;
            EXPECT_EQ(result, version >= since && offered ? "works" : "refused")
                << kernel << ": " << name << ": " << reason;
        }
    }

    void print(const std::map<std::string, Outcomes>& kernels) const {
        std::cout << "capability      ";
        for (const auto& [kernel, outcomes] : kernels)
            std::cout << '\t' << kernel;
        for (const auto& capability : capabilities_) {
            std::cout << '\n'
                      << capability.name
                      << std::string(16 - std::min<std::size_t>(16, capability.name.size()), ' ');
            for (const auto& [kernel, outcomes] : kernels) {
                const auto found = outcomes.find(capability.name);
                std::cout << '\t' << (found == outcomes.end() ? "?" : found->second.result);
            }
        }
        std::cout << std::endl;
    }

    fs::path package(const std::string& name) const { return folder() / "packages" / (name + ".wasm"); }

    void expect_on_this_machine() const;
    void expect_in_virtual_machines() const;

private:
    virtual void make_package(const std::string& name) {
        const auto sources = source("tests/kernel/capabilities");
        Command build{ecc(), sources / (name + ".bpf.c"), "-o", package(name)};
        if (fs::exists(sources / (name + ".c")))
            build.push_back(sources / (name + ".c"));
        const auto built = test::run(build);
        ASSERT_EQ(built.status, 0) << name << ": " << built.err;
    }

    const std::string table_;
    std::vector<Capability> capabilities_;
};

/// Like `run`, in the folder. The network is its own, with a loopback interface, so that nothing of the
/// machine's is touched.
Output run_here(const fs::path& folder, const Command& suite) {
    Command command{"unshare",   "--net", "--mount", "--propagation",
                    "unchanged", "sh",    "-c",      "cd \"$1\" && shift && ip link set lo up && exec \"$@\"",
                    "sh",        folder};
    command.insert(command.end(), suite.begin(), suite.end());
    return test::run(command, suite_deadline);
}

void CapabilitiesTest::expect_on_this_machine() const {
    const auto output = run_here(folder(), suite());
    ASSERT_EQ(output.status, 0) << output.err;
    utsname system{};
    ASSERT_EQ(::uname(&system), 0);
    const auto outcomes = parse_outcomes(output.out);
    print({{system.release, outcomes}});
    expect(system.release, outcomes);
}

void CapabilitiesTest::expect_in_virtual_machines() const {
    // One after the other: they are fetched at most once.
    const std::vector<std::string> versions{"5.10", "6.1", "6.12"};
    Command fetch{source("scripts/kernels")};
    fetch.insert(fetch.end(), versions.begin(), versions.end());
    const auto fetched = test::run(fetch, suite_deadline);
    ASSERT_EQ(fetched.status, 0) << fetched.err;

    std::map<std::string, std::future<Output>> running;
    for (const auto& version : versions) {
        Command command{source("scripts/vm"), version, folder()};
        for (const auto& word : suite())
            command.push_back(word);
        running.emplace(version, std::async(std::launch::async,
                                            [command] { return test::run(command, suite_deadline); }));
    }
    std::map<std::string, Outcomes> kernels;
    for (auto& [version, result] : running) {
        const auto output = result.get();
        EXPECT_EQ(output.status, 0) << version << ": " << output.err;
        kernels.emplace(version, parse_outcomes(output.out));
    }
    print(kernels);
    for (const auto& [version, outcomes] : kernels)
        expect(version, outcomes);
    // What these kernels are configured with is known: nothing else may hide behind "not offered".
    for (const auto& [version, outcomes] : kernels) {
        for (const auto& [name, outcome] : outcomes)
            EXPECT_TRUE(outcome.offered || (name == "kprobe_multi" && version != "6.12") ||
                        (name == "netfilter" && version != "6.12"))
                << version << ": " << name;
    }
}

/// Modules that others made for the older interface.
class OldModulesTest : public CapabilitiesTest {
protected:
    OldModulesTest() : CapabilitiesTest("old_modules.txt") {}

private:
    void make_package(const std::string& name) override {
        fs::copy(fs::path(ECC_GUESTS) / (name + ".wasm"), package(name));
    }
};

class FullCapabilitiesTest : public CapabilitiesTest {};
class FullOldModulesTest : public OldModulesTest {};

} // namespace

TEST_F(CapabilitiesTest, are_those_of_the_table_on_this_machine) {
    expect_on_this_machine();
}

TEST_F(FullCapabilitiesTest, are_those_of_the_table_in_virtual_machines) {
    expect_in_virtual_machines();
}

TEST_F(OldModulesTest, run_unchanged_on_this_machine) {
    expect_on_this_machine();
}

TEST_F(FullOldModulesTest, run_unchanged_in_virtual_machines) {
    expect_in_virtual_machines();
}

} // namespace ecc::test
