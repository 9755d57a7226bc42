// SPDX-License-Identifier: Apache-2.0

// Reads YAML documents on standard input and decodes each strictly into Kubernetes' own type: unknown and repeated
// fields are errors. Prints the decoded objects as one JSON array.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

var types = map[string]func() any{
	"v1/ConfigMap":      func() any { return new(corev1.ConfigMap) },
	"apps/v1/DaemonSet": func() any { return new(appsv1.DaemonSet) },
}

func decode(document []byte) (any, error) {
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal(document, &kind); err != nil {
		return nil, err
	}
	name := kind.APIVersion + "/" + kind.Kind
	make, known := types[name]
	if !known {
		return nil, fmt.Errorf("%s is no type that is expected here", name)
	}
	object := make()
	return object, yaml.UnmarshalStrict(document, object)
}

func run() error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	objects := []any{}
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		object, err := decode(document)
		if err != nil {
			return err
		}
		objects = append(objects, object)
	}
	return json.NewEncoder(os.Stdout).Encode(objects)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
