// A node of a cluster: the container of a DaemonSet run by podman as the kubelet has it run, with the rights,
// mounts and settings that `ecc gen k8s` prints and no others.

#include "tests/workflow/container.h"
#include "tests/workflow/kubernetes_objects.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// "--targ-pid=$(TARG_PID)" with the values of variables.
std::string expanded(std::string word, const std::map<std::string, std::string>& variables) {
    for (const auto& [name, value] : variables)
        if (const std::size_t at = word.find("$(" + name + ")"); at != word.npos)
            word.replace(at, name.size() + 3, value);
    return word;
}

class Node : public ContainerTest {
protected:
    void SetUp() override {
        ContainerTest::SetUp();
        if (HasFatalFailure())
            return;
        image_ = podman().load(archive());
        // Debian's podman, unlike containerd, lets bpf(2) through with CAP_SYS_ADMIN alone.
        objects_ = kubernetes_objects(
            project_, package().string() + " --image example.org/i:1 --seccomp Unconfined -- --json");
    }

    json& pod() { return objects_.at("DaemonSet")["spec"]["template"]["spec"]; }
    json& container() { return pod()["containers"][0]; }
    json& capabilities() { return container()["securityContext"]["capabilities"]["add"]; }
    json& settings() { return objects_.at("ConfigMap")["data"]; }

    Process start_container() { return Process::start(podman().command(podman_words())); }

private:
    /// What the kubelet tells a container engine.
    Command podman_words() {
        const json& rights = container().at("securityContext");
        Command words = {"run", "--rm", "--read-only-tmpfs=false", "--cap-drop=ALL",
                         "--user=" + std::to_string(rights.at("runAsUser").get<int>())};
        const auto add_if = [&](bool condition, const char* word) {
            if (condition)
                words.push_back(word);
        };
        add_if(rights.at("readOnlyRootFilesystem"), "--read-only");
        add_if(!rights.at("allowPrivilegeEscalation"), "--security-opt=no-new-privileges");
        add_if(rights.at("seccompProfile").at("type") == "Unconfined", "--security-opt=seccomp=unconfined");
        add_if(pod().value("hostPID", false), "--pid=host");
        words.push_back(pod().value("hostNetwork", false) ? "--network=host" : "--network=none");
        for (const std::string name : capabilities())
            words.push_back("--cap-add=" + name);
        std::string memory = container().at("resources").at("limits").at("memory");
        words.push_back("--memory=" + memory.substr(0, memory.find('i')));
        add_mounts(words);
        words.push_back(image_);
        for (const std::string word : container().at("args"))
            words.push_back(expanded(word, variables()));
        return words;
    }

    void add_mounts(Command& words) {
        std::map<std::string, std::string> sources;
        for (const json& volume : pod().value("volumes", json::array()))
            sources[volume.at("name")] = volume.at("hostPath").at("path");
        for (const json& mount : container().value("volumeMounts", json::array()))
            words.push_back("--volume=" + sources.at(mount.at("name")) + ":" +
                            mount.at("mountPath").get<std::string>() +
                            (mount.value("readOnly", false) ? ":ro" : ""));
    }

    std::map<std::string, std::string> variables() {
        std::map<std::string, std::string> values;
        for (const json& variable : container().value("env", json::array()))
            values[variable.at("name")] = settings().at(variable["valueFrom"]["configMapKeyRef"]["key"]);
        return values;
    }

    Project project_;
    KubernetesObjects objects_;
    std::string image_;
};

TEST_F(Node, runs_a_package_with_the_rights_of_its_daemon_set) {
    Process process = start_container();
    EXPECT_TRUE(prints_live_events(process)) << process.describe();
    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(Node, refuses_it_without_any_one_of_them) {
    const json all = capabilities();
    ASSERT_FALSE(all.empty());
    for (std::size_t i = 0; i < all.size(); i++) {
        capabilities() = all;
        capabilities().erase(i);
        const Output output = start_container().wait();
        EXPECT_NE(output.status, 0) << "without " << all[i];
        EXPECT_THAT(output.err, HasSubstr("CAP_" + all[i].get<std::string>()));
    }
    capabilities() = all;
    container().erase("volumeMounts");
    const Output output = start_container().wait();
    EXPECT_NE(output.status, 0) << "without tracefs";
    EXPECT_THAT(output.err, HasSubstr("tracefs"));
}

TEST_F(Node, gives_the_program_what_the_config_map_says) {
    settings()["only-failed"] = "true";
    settings()["targ-pid"] = std::to_string(::getpid());
    Process process = start_container();
    ASSERT_TRUE(prints_live_events(process)) << process.describe();
    ASSERT_GE(open_and_close("/dev/null", O_RDONLY), 0);
    EXPECT_TRUE(prints_live_events(process)) << process.describe();
    for (const std::string& line : split_lines(process.interrupt().out)) {
        const json event = json::parse(line);
        EXPECT_LT(event["ret"].get<int>(), 0) << line;
        EXPECT_EQ(event["pid"], ::getpid()) << line;
    }
}

} // namespace
} // namespace ecc::test
