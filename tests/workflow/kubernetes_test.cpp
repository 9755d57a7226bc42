// `ecc gen k8s`: decoded strictly into Kubernetes' own Go types (tests/workflow/kubernetes).

#include "tests/registry/registry_process.h"
#include "tests/workflow/kubernetes_objects.h"
#include "tests/workflow/project.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Kubernetes : public testing::Test {
protected:
    void build(const std::string& name, const std::vector<std::string>& files) const {
        Command command = {"ecc", "-o", name + ".wasm"};
        for (const std::string& file : files)
            command.push_back(in_repository("examples/" + file));
        const Output output = project_.run(command);
        ASSERT_EQ(output.status, 0) << output.err;
    }

    /// The objects that `ecc gen k8s WORDS...` prints, as Kubernetes reads them, by their kind.
    KubernetesObjects objects(const std::string& words) const { return kubernetes_objects(project_, words); }
    static json pod_of(const json& set) { return set.at("spec").at("template").at("spec"); }
    static json container_of(const json& set) { return pod_of(set).at("containers").at(0); }

    Project project_;
};

TEST_F(Kubernetes, runs_an_observing_package_with_the_capabilities_it_needs_and_no_others) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const json set = objects("opensnoop.wasm --image example.org/opensnoop:1").at("DaemonSet");
    const json rights = container_of(set).at("securityContext");
    EXPECT_EQ(rights.at("capabilities").at("drop"), json::array({"ALL"}));
    EXPECT_THAT(rights.at("capabilities").at("add"), Contains("BPF"));
    EXPECT_THAT(rights.at("capabilities").at("add"), Not(Contains("NET_ADMIN")));
    EXPECT_EQ(rights.at("readOnlyRootFilesystem"), true);
    EXPECT_EQ(rights.at("seccompProfile").at("type"), "RuntimeDefault");
    EXPECT_FALSE(rights.contains("privileged"));
    EXPECT_FALSE(pod_of(set).contains("hostNetwork"));
    EXPECT_FALSE(pod_of(set).contains("hostPID"));
    EXPECT_EQ(pod_of(set).at("automountServiceAccountToken"), false);
}

TEST_F(Kubernetes, mounts_tracefs_read_only_for_tracepoints_and_nothing_else) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const json set = objects("opensnoop.wasm --image example.org/opensnoop:1").at("DaemonSet");
    const json mounts = container_of(set).at("volumeMounts");
    ASSERT_EQ(mounts.size(), 1u);
    EXPECT_EQ(mounts[0].at("mountPath"), "/sys/kernel/tracing");
    EXPECT_EQ(mounts[0].at("readOnly"), true);
    EXPECT_EQ(pod_of(set).at("volumes")[0].at("name"), mounts[0].at("name"));
}

TEST_F(Kubernetes, keeps_the_settings_of_a_generated_program_in_a_config_map) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const auto all = objects("opensnoop.wasm --image example.org/opensnoop:1 -- --json");
    const json data = all.at("ConfigMap").at("data");
    EXPECT_EQ(data, json({{"only-failed", "false"}, {"targ-pid", "0"}, {"targ-uid", "4294967295"}}));
    const json container = container_of(all.at("DaemonSet"));
    EXPECT_THAT(container.at("args"), Contains("--targ-pid=$(TARG_PID)"));
    EXPECT_EQ(container.at("args").back(), "--json");
    for (const json& variable : container.at("env"))
        EXPECT_TRUE(data.contains(variable.at("valueFrom").at("configMapKeyRef").at("key"))) << variable;
}

TEST_F(Kubernetes, gives_flags_that_the_program_takes) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const auto all = objects("opensnoop.wasm --image example.org/opensnoop:1");
    Command command = {"ecc-run", "opensnoop.wasm"};
    const json container = container_of(all.at("DaemonSet"));
    for (std::string word : container.at("args")) {
        const std::size_t variable = word.find("=$(");
        if (variable != word.npos) // what the kubelet does
            word = word.substr(0, variable + 1) +
                   all.at("ConfigMap").at("data").at(word.substr(2, variable - 2)).get<std::string>();
        command.push_back(word);
    }
    command.push_back("--help");
    const Output output = project_.run(command);
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("--targ-pid"));
}

TEST_F(Kubernetes, needs_to_be_told_that_a_package_may_act) {
    build("xdp-count", {"xdp-count/xdp-count.bpf.c", "xdp-count/xdp-count.cpp"});
    const Output refused =
        project_.run({"ecc", "gen", "k8s", "xdp-count.wasm", "--image", "example.org/x:1"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("add --allow act"));
    EXPECT_EQ(refused.out, "");
    const auto all = objects("xdp-count.wasm --image example.org/x:1 --allow act -n monitoring -- eth0");
    EXPECT_FALSE(all.contains("ConfigMap")) << "its user part is its author's";
    const json set = all.at("DaemonSet");
    EXPECT_EQ(set.at("metadata").at("namespace"), "monitoring");
    EXPECT_THAT(container_of(set).at("securityContext").at("capabilities").at("add"), Contains("NET_ADMIN"));
    EXPECT_EQ(pod_of(set).at("hostNetwork"), true) << "the interfaces are the node's";
    EXPECT_EQ(container_of(set).at("args"), json({"--no-cache", "--allow", "act", "--", "eth0"}));
    EXPECT_FALSE(container_of(set).contains("volumeMounts"));
}

TEST_F(Kubernetes, names_objects_and_labels_alike_and_validly) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const json set =
        objects("opensnoop.wasm --image example.org/o:1 --name 'Open_Snoop.v2-'").at("DaemonSet");
    EXPECT_EQ(set.at("metadata").at("name"), "open-snoop-v2");
    EXPECT_EQ(set.at("spec").at("selector").at("matchLabels"),
              set.at("spec").at("template").at("metadata").at("labels"));
}

TEST_F(Kubernetes, quotes_words_that_yaml_would_take_for_something_else) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const json set = objects("opensnoop.wasm --image example.org/o:1 -- yes 0x10 'a: b' '- c' '' '\"' "
                             "\"$(printf 'two\\nlines')\"")
                         .at("DaemonSet");
    const json args = container_of(set).at("args");
    const json last(std::vector<json>(args.end() - 7, args.end()));
    EXPECT_EQ(last, json({"yes", "0x10", "a: b", "- c", "", "\"", "two\nlines"}));
}

TEST_F(Kubernetes, gives_words_with_dollars_as_they_are) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const json set = objects("opensnoop.wasm --image example.org/o:1 -- "
                             "'$(TARG_PID)' '$$' 'a$b' '$'")
                         .at("DaemonSet");
    const json args = container_of(set).at("args");
    const json last(std::vector<json>(args.end() - 4, args.end()));
    EXPECT_EQ(last, json({"$$(TARG_PID)", "$$$$", "a$$b", "$$"})) << "the kubelet halves them";
}

/// Packages and images in a registry, with a key.
class StoredImages : public Kubernetes {
protected:
    StoredImages() : registry_(RegistryProcess::start()) {
        EXPECT_TRUE(registry_);
        build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
        succeed({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                 "key.pem"});
        succeed({"openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"});
    }

    std::string succeed(const Command& command) const {
        const Output output = project_.run(command);
        EXPECT_EQ(output.status, 0) << output.err;
        if (registry_)
            registry_->drain();
        return output.out.substr(0, output.out.find('\n'));
    }
    std::string ref(const std::string& tag) const { return registry_->host() + "/me/opensnoop:" + tag; }
    /// The reference of what is stored, without the tag.
    std::string push(const std::string& tag, const std::string& format,
                     const std::string& file = "opensnoop") {
        const std::string stored = succeed({"ecc", "push", file + ".wasm", ref(tag), "--format", format});
        return registry_->host() + "/me/opensnoop" + stored.substr(stored.find('@'));
    }
    void expect_refused(Command more, const std::string& reason) const {
        more.insert(more.begin(), {"ecc", "gen", "k8s"});
        const Output refused = project_.run(more);
        EXPECT_EQ(refused.status, 1);
        EXPECT_THAT(refused.err, HasSubstr(reason));
        EXPECT_EQ(refused.out, "");
    }

    std::unique_ptr<RegistryProcess> registry_;
};

TEST_F(StoredImages, are_pinned_and_run_by_nodes_of_their_architecture) {
    push("1", "wasm");
    expect_refused({ref("1")}, "--format wasm,container");
    const std::string image = push("1-container", "container");
    const json set = objects(ref("1")).at("DaemonSet");
    EXPECT_EQ(container_of(set).at("image"), image);
    const json config = json::parse(succeed({"ecc", "manifest", "fetch-config", image}));
    const json term =
        pod_of(set)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
                   ["nodeSelectorTerms"][0]["matchExpressions"][0];
    EXPECT_EQ(
        term,
        (json{{"key", "kubernetes.io/arch"}, {"operator", "In"}, {"values", {config.at("architecture")}}}));
    succeed({"ecc", "manifest", "index", "create", ref("2-container"), "1-container"});
    succeed({"ecc", "tag", ref("1"), "2"});
    EXPECT_EQ(container_of(objects(ref("2")).at("DaemonSet")).at("image").get<std::string>(),
              registry_->host() + "/me/opensnoop@" + succeed({"ecc", "resolve", ref("2-container")}))
        << "the index, which each node chooses from";
}

TEST_F(StoredImages, that_hold_another_package_or_none_for_a_node_are_refused) {
    push("1", "wasm");
    push("1-container", "compat");
    expect_refused({ref("1")}, "no image that a node could run");
    build("other", {"bootstrap/bootstrap.bpf.c"});
    push("1-container", "container", "other");
    expect_refused({ref("1")}, "holds another package");
}

TEST_F(StoredImages, must_be_signed_with_the_key_as_the_package_must) {
    push("1", "wasm");
    const std::string image = push("1-container", "container");
    expect_refused({ref("1"), "--verify-key", "key.pub"}, "is not signed");
    succeed({"ecc", "sign", "--key", "key.pem", ref("1")});
    expect_refused({ref("1"), "--verify-key", "key.pub"}, "is not signed");
    succeed({"ecc", "sign", "--key", "key.pem", image});
    for (const std::string& words : {ref("1"), "opensnoop.wasm --image " + ref("1-container")})
        EXPECT_EQ(container_of(objects(words + " --verify-key key.pub").at("DaemonSet")).at("image"), image);
}

TEST_F(Kubernetes, wants_an_image_for_a_file_and_a_package_in_it) {
    build("opensnoop", {"opensnoop/opensnoop.bpf.c"});
    const Output without = project_.run({"ecc", "gen", "k8s", "opensnoop.wasm"});
    EXPECT_EQ(without.status, 2);
    EXPECT_THAT(without.err, HasSubstr("--image"));
    project_.write("junk.wasm", "junk");
    EXPECT_EQ(project_.run({"ecc", "gen", "k8s", "junk.wasm", "--image", "example.org/o:1"}).status, 1);
    EXPECT_EQ(project_.run({"ecc", "gen", "k8s", "junk.wasm", "--image", "i", "--seccomp", "None"}).status,
              2);
    EXPECT_EQ(project_.run({"ecc", "gen"}).status, 2);
    EXPECT_EQ(project_.run({"ecc", "gen", "k8s"}).status, 2);
}

TEST_F(Kubernetes, refuses_names_that_kubernetes_would_refuse) {
    for (const std::string image :
         {"example.org/o:1 --x", "example.org/o:1\n  hostPID: true", "example.org/\xc3\xb6"})
        EXPECT_EQ(project_.run({"ecc", "gen", "k8s", "x.wasm", "--image", image}).status, 2) << image;
    for (const std::string space : {"ns bad", "Upper", "a-", "a.b", "a\nb"}) {
        const Output refused =
            project_.run({"ecc", "gen", "k8s", "x.wasm", "--image", "example.org/o:1", "-n", space});
        EXPECT_EQ(refused.status, 2) << space;
        EXPECT_THAT(refused.err, HasSubstr("is no name of a namespace"));
    }
}

} // namespace
} // namespace ecc::test
