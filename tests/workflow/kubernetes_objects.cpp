#include "tests/workflow/kubernetes_objects.h"

#include <gtest/gtest.h>

namespace ecc::test {
namespace {

using nlohmann::json;

const std::string& decoder() {
    static const std::string program = [] {
        const Output built =
            run({in_repository("tests/workflow/kubernetes/build"), ECC_CACHE_DIR}, std::chrono::minutes(9));
        EXPECT_EQ(built.status, 0) << built.err;
        return built.out.substr(0, built.out.find('\n'));
    }();
    return program;
}

} // namespace

KubernetesObjects kubernetes_objects(const Project& project, const std::string& words) {
    const Output output =
        project.run({"sh", "-c", "ecc gen k8s " + words + " > set.yaml && " + decoder() + " < set.yaml"});
    EXPECT_EQ(output.status, 0) << output.err << project.read("set.yaml");
    KubernetesObjects found;
    for (const json& object : json::parse(output.out, nullptr, false))
        found[object.value("kind", "")] = object;
    return found;
}

} // namespace ecc::test
