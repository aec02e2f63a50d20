//! A drawing as BPMN 2.0 XML with its diagram.

use std::fmt::Write as _;

use super::layout::{Bounds, points};
use super::shapes::{Drawing, Flow, Inside, Shape};
use super::{MESSAGE, PROCESS};
use crate::i18n;
use crate::workflow::Definition;
use crate::workflow::explain::{Names, sentences};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
             xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
             xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
             id="definitions.document" targetNamespace="urn:qiyue:workflow" exporter="qiyue">
"#;

/// A definition as BPMN 2.0: a picture with words for other tools, which no engine runs.
pub fn bpmn(definition: &Definition, names: Names<'_>) -> String {
    let drawing = Drawing::of(definition, names);
    let mut text = HEAD.to_owned();
    for message in &drawing.messages {
        let _ = writeln!(text, "  <message id=\"{MESSAGE}{0}\" name=\"{0}\"/>", escaped(message));
    }
    let process = format!("{PROCESS}{}", definition.name);
    let title = escaped(&definition.title);
    let _ = writeln!(text, "  <process id=\"{}\" name=\"{title}\" isExecutable=\"false\">", escaped(&process));
    let said: Vec<String> = sentences(definition, names).iter().map(|one| i18n::text(names.lang, one)).collect();
    let _ = writeln!(text, "    <documentation>{}</documentation>", escaped(&said.join("\n")));
    for shape in &drawing.shapes {
        element(&mut text, shape, &drawing.flows);
    }
    for flow in &drawing.flows {
        sequence_flow(&mut text, flow);
    }
    text.push_str("  </process>\n");
    diagram(&mut text, &process, &drawing);
    text.push_str("</definitions>\n");
    text
}

fn element(text: &mut String, shape: &Shape, flows: &[Flow]) {
    let _ = write!(text, "    <{} id=\"{}\"", shape.tag, escaped(&shape.id));
    if !shape.name.is_empty() {
        let _ = write!(text, " name=\"{}\"", escaped(&shape.name));
    }
    for (name, value) in &shape.attributes {
        let _ = write!(text, " {name}=\"{}\"", escaped(value));
    }
    if let Some(default) = flows.iter().find(|flow| flow.from == shape.id && flow.default) {
        let _ = write!(text, " default=\"{}\"", default.id);
    }
    text.push_str(">\n");
    if !shape.documentation.is_empty() {
        let _ = writeln!(text, "      <documentation>{}</documentation>", escaped(&shape.documentation));
    }
    for flow in flows.iter().filter(|flow| flow.to == shape.id) {
        let _ = writeln!(text, "      <incoming>{}</incoming>", flow.id);
    }
    for flow in flows.iter().filter(|flow| flow.from == shape.id) {
        let _ = writeln!(text, "      <outgoing>{}</outgoing>", flow.id);
    }
    inside(text, &shape.inside);
    let _ = writeln!(text, "    </{}>", shape.tag);
}

fn inside(text: &mut String, inside: &Inside) {
    let expression =
        |tag: &str, words: &str| format!("<{tag} xsi:type=\"tFormalExpression\">{}</{tag}>", escaped(words));
    let timer = |inner: String| format!("      <timerEventDefinition>{inner}</timerEventDefinition>\n");
    match inside {
        Inside::Nothing => {}
        Inside::Several { in_order, ends } => {
            let ends = ends.as_ref().map(|ends| expression("completionCondition", ends)).unwrap_or_default();
            let _ = writeln!(
                text,
                "      <multiInstanceLoopCharacteristics isSequential=\"{in_order}\">{ends}</multiInstanceLoopCharacteristics>"
            );
        }
        Inside::Message(message) => {
            let _ = writeln!(text, "      <messageEventDefinition messageRef=\"{}\"/>", escaped(message));
        }
        Inside::Date(date) => text.push_str(&timer(expression("timeDate", date))),
        Inside::Span(span) => text.push_str(&timer(expression("timeDuration", span))),
    }
}

fn sequence_flow(text: &mut String, flow: &Flow) {
    let ends = format!("sourceRef=\"{}\" targetRef=\"{}\"", escaped(&flow.from), escaped(&flow.to));
    let name = flow.name.as_ref().map(|name| format!(" name=\"{}\"", escaped(name))).unwrap_or_default();
    let _ = match &flow.condition {
        None => writeln!(text, "    <sequenceFlow id=\"{}\"{name} {ends}/>", flow.id),
        Some(condition) => writeln!(
            text,
            "    <sequenceFlow id=\"{}\"{name} {ends}>\n      <conditionExpression xsi:type=\"tFormalExpression\">{}\
             </conditionExpression>\n    </sequenceFlow>",
            flow.id,
            escaped(condition)
        ),
    };
}

fn diagram(text: &mut String, process: &str, drawing: &Drawing<'_>) {
    let _ = writeln!(
        text,
        "  <bpmndi:BPMNDiagram id=\"diagram.document\">\n    <bpmndi:BPMNPlane id=\"diagram.plane\" bpmnElement=\"{}\">",
        escaped(process)
    );
    for shape in &drawing.shapes {
        let id = escaped(&shape.id);
        let marker = if shape.tag == "exclusiveGateway" { " isMarkerVisible=\"true\"" } else { "" };
        let Bounds { left, top, width, height } = Bounds::of(shape);
        let _ = writeln!(
            text,
            "      <bpmndi:BPMNShape id=\"shape.{id}\" bpmnElement=\"{id}\"{marker}>\n        \
             <dc:Bounds x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>\n      </bpmndi:BPMNShape>"
        );
    }
    for flow in &drawing.flows {
        let _ = writeln!(text, "      <bpmndi:BPMNEdge id=\"edge.{0}\" bpmnElement=\"{0}\">", flow.id);
        for (x, y) in points(flow, drawing) {
            let _ = writeln!(text, "        <di:waypoint x=\"{x}\" y=\"{y}\"/>");
        }
        text.push_str("      </bpmndi:BPMNEdge>\n");
    }
    text.push_str("    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n");
}

/// A text as it may stand in an element or between quotes. XML has no characters for what terminals do.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
