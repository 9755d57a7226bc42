#include "tests/registry/registry_test.h"

#include "tests/unit/package/samples.h"

#include <algorithm>
#include <future>

namespace ecc::test {

namespace fs = std::filesystem;

void RegistryTest::SetUp() {
    package_ = samples::package_bytes();
    write("tool.wasm", package_);
}

Command RegistryTest::here(const Command& command) const {
    const char* path = std::getenv("PATH");
    Command whole = {"env",
                     "-i",
                     "-C",
                     folder_.path().string(),
                     "HOME=" + folder_.path().string(),
                     std::string("PATH=") + (path ? path : "/usr/bin:/bin")};
    whole.insert(whole.end(), variables_.begin(), variables_.end());
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
}

Output RegistryTest::run_here(const Command& command) {
    Output output = run(here(command));
    if (registry_)
        registry_->drain();
    return output;
}

Output RegistryTest::ecc(const Command& arguments) {
    Command command = {ECC_BINARY_DIR "/bin/ecc"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_here(command);
}

std::vector<Output> RegistryTest::ecc_at_once(const std::vector<Command>& calls) {
    std::vector<std::future<Output>> running;
    for (Command call : calls) {
        call.insert(call.begin(), ECC_BINARY_DIR "/bin/ecc");
        running.push_back(std::async(std::launch::async, [whole = here(call)] { return run(whole); }));
    }
    std::vector<Output> outputs;
    for (auto& output : running) {
        while (registry_ && output.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready)
            registry_->drain();
        outputs.push_back(output.get());
    }
    return outputs;
}

nlohmann::json RegistryTest::ecc_json(Command arguments) {
    arguments.push_back("--json");
    Output output = ecc(arguments);
    EXPECT_EQ(output.status, 0) << output.err;
    auto document = nlohmann::json::parse(output.out, nullptr, false);
    EXPECT_TRUE(document.is_object()) << output.out;
    return document;
}

void RegistryTest::start_registry(const RegistryOptions& options) {
    registry_ = RegistryProcess::start(options);
    ASSERT_TRUE(registry_);
}

Bytes RegistryTest::read(const std::string& name) const {
    auto bytes = read_file(file(name));
    EXPECT_TRUE(bytes) << bytes.error().where << ": " << bytes.error().what;
    return bytes.value_or(Bytes{});
}

void RegistryTest::write(const std::string& name, ByteView content) const {
    EXPECT_TRUE(write_file(file(name), content));
}

std::vector<std::string> RegistryTest::files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

} // namespace ecc::test
