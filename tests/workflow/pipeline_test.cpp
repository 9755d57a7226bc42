// examples/ci, command by command: a real registry with logins, this machine's kernel. Needs root.

#include "tests/registry/registry_process.h"
#include "tests/workflow/project.h"

#include <gmock/gmock.h>
#include <thread>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Pipeline : public testing::TestWithParam<std::string> {
protected:
    Pipeline() {
        for (const char* name : {"opensnoop.bpf.c"})
            fs::copy(in_repository(std::string("examples/opensnoop/") + name), project_.path(name));
        succeed("git init -q -b main && git remote add origin https://example.org/me/opensnoop.git && git "
                "add . && "
                "git -c user.name=me -c user.email=me@example.org commit -q -m first");
        succeed("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out private.pem");
        succeed("openssl pkey -in private.pem -pubout -out signing.pub");
        succeed("htpasswd -nbB me secret > users");
        registry_ =
            RegistryProcess::start({.htpasswd = project_.path("users"), .certificate = {}, .key = {}});
        // On a runner sudo finds programs in /usr/local/bin; here we are root.
        project_.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
        fs::permissions(project_.path("bin/sudo"), fs::perms::all);
        succeed("python3 " + in_repository("tests/workflow/pipeline_steps.py").string() + " " +
                in_repository("examples/ci/" + GetParam()).string() + " > steps.sh");
    }

    /// The registry's log fills its pipe before the steps are over, so it is read meanwhile.
    Output shell(const std::string& script) const {
        const std::jthread reader([this](const std::stop_token& stop) {
            for (; registry_ && !stop.stop_requested();
                 std::this_thread::sleep_for(std::chrono::milliseconds(20)))
                registry_->drain();
        });
        return project_.run({"env",
                             "HOME=" + project_.path("").string(),
                             "KERNEL_BTF=/sys/kernel/btf/vmlinux",
                             "SIGNING_KEY=" + project_.read("private.pem"),
                             "GITHUB_REPOSITORY=MyOrg/Tools",
                             "REGISTRY=" + host(),
                             "GITHUB_SHA=1",
                             "GITHUB_SERVER_URL=https://ci.example",
                             "GITHUB_WORKFLOW_REF=runners/1",
                             "GITHUB_ACTOR=me",
                             "GITHUB_TOKEN=secret",
                             "CI_PROJECT_PATH=MyOrg/Tools",
                             "CI_REGISTRY=" + host(),
                             "CI_REGISTRY_IMAGE=" + host() + "/myorg/tools",
                             "CI_COMMIT_SHA=1",
                             "CI_PROJECT_URL=https://ci.example",
                             "CI_RUNNER_ID=1",
                             "CI_REGISTRY_USER=me",
                             "CI_REGISTRY_PASSWORD=secret",
                             "IMAGE_HERE=" + host() + "/myorg/tools/opensnoop",
                             "sh",
                             "-c",
                             "PATH=$HOME/bin:$PATH; " + script});
    }
    std::string host() const { return registry_ ? registry_->host() : ""; }
    void succeed(const std::string& script) const {
        const Output output = shell(script);
        EXPECT_EQ(output.status, 0) << script << "\n" << output.out << output.err;
    }

    Project project_;
    std::unique_ptr<RegistryProcess> registry_;
};

std::string digest_in(const std::string& reference) {
    return reference.substr(std::min(reference.find('@'), reference.size()));
}

INSTANTIATE_TEST_SUITE_P(Of, Pipeline, testing::Values("github-actions.yml", "gitlab-ci.yml"),
                         [](const auto& test) { return test.param.substr(0, test.param.find('-')); });

TEST_P(Pipeline, builds_tests_pushes_signs_and_publishes) {
    const Output output = shell("sh steps.sh");
    EXPECT_EQ(output.status, 0) << output.out << output.err;
    EXPECT_THAT(project_.read("events.json"), HasSubstr("\"comm\":"));
    EXPECT_FALSE(project_.has("signing.key")) << "a secret was left behind";
    for (const std::string format : {"", "-container"}) {
        const std::string verify = "ecc verify --key signing.pub $IMAGE_HERE:";
        const Output latest = shell(verify + "latest" + format);
        EXPECT_EQ(latest.status, 0) << latest.err;
        EXPECT_EQ(digest_in(latest.out), digest_in(shell(verify + "1" + format).out));
        for (const char* type : {"cyclonedx", "buildlog"})
            succeed(verify + "latest" + format + " --type " + type);
        const Output provenance = shell(verify + "latest" + format + " --type slsaprovenance1");
        EXPECT_THAT(provenance.out, HasSubstr(R"("id":"https://ci.example/)"));
        EXPECT_THAT(provenance.out,
                    HasSubstr(R"("uri":"git+https://example.org/me/opensnoop@refs/heads/main")"));
        EXPECT_THAT(provenance.out, HasSubstr("\"gitCommit\":"));
    }
}

TEST_P(Pipeline, publishes_nothing_that_does_not_run) {
    project_.write("opensnoop.bpf.c", "#include \"vmlinux.h\"\n#include <bpf/bpf_helpers.h>\n"
                                      "SEC(\"tracepoint/no/such\") int f(void *ctx) { return 0; }\n"
                                      "char LICENSE[] SEC(\"license\") = \"GPL\";\n");
    EXPECT_NE(shell("sh steps.sh").status, 0);
    EXPECT_NE(shell("ecc resolve $IMAGE_HERE:1").status, 0);
}

} // namespace
} // namespace ecc::test
