//! Judgements, assessments and preferences, as items that wait for their claims' addresses.

use ledger::{Digest, Judge, Verdict};
use schema::Verification;

use super::{Builder, PlannedAssessment, PlannedPreference, Resolved};
use crate::model::Which;
use crate::origin;

/// Which claims an entry of assessments or preferences means.
enum Meant {
    Claims(Vec<Digest>),
    /// All of them are in sources that are left out.
    LeftOut,
    /// There is a problem, and it has been noted.
    Unknown,
}

impl Builder<'_> {
    pub(super) fn judgements(&mut self) {
        for judgement in &self.case_file.judgements {
            let mut ids = Vec::new();
            let mut left_out = false;
            for key in &judgement.keys {
                match self.resolve(key) {
                    Resolved::Thing(thing) => ids.push((thing.id, thing.schema.clone(), key)),
                    Resolved::LeftOut => left_out = true,
                    Resolved::Unknown => {}
                }
            }
            if left_out {
                self.plan.left_out.push(
                    judgement
                        .at
                        .problem("the judgement is left out: it is on a source whose original was not given", ""),
                );
                continue;
            }
            for (i, (a, a_schema, _)) in ids.iter().enumerate() {
                for (b, b_schema, b_key) in ids.iter().skip(i + 1) {
                    let alike = self.registry.is_a(a_schema, b_schema) || self.registry.is_a(b_schema, a_schema);
                    if judgement.verdict == Verdict::Same && !alike {
                        let what = format!("a {a_schema} and a {b_schema} are never the same");
                        self.problem(&b_key.at, what, "Look at their schemata under “entities:”.");
                        continue;
                    }
                    let mut judge = Judge {
                        a: *a,
                        b: *b,
                        verdict: judgement.verdict,
                        reason: judgement.because.clone(),
                        origin: None,
                    };
                    judge.origin = Some(origin::of_judgement(&judge));
                    self.plan.judgements.push(judge);
                }
            }
        }
    }

    pub(super) fn assessments(&mut self) {
        for assessment in &self.case_file.assessments {
            let at = &assessment.which.at;
            if let Some(status) = &assessment.status
                && let Err(error) = status.parse::<Verification>()
            {
                self.problem(at, error.to_string(), "");
            }
            if let Some(standard) = &assessment.standard
                && self.registry.standard(standard).is_none()
            {
                let names: Vec<&str> = self.registry.standards().iter().map(|s| s.name.as_str()).collect();
                self.problem(
                    at,
                    format!("there is no standard of proof “{standard}”"),
                    format!("There are: {}.", names.join(", ")),
                );
            }
            if let Some(code) = &assessment.credibility {
                self.term("information-credibility", code, at);
            }
            match self.which(&assessment.which) {
                Meant::Claims(claims) => {
                    let verification = assessment
                        .status
                        .as_ref()
                        .and_then(|s| s.parse::<Verification>().ok())
                        .map(|v| v.as_str().to_owned());
                    self.plan.assessments.push(PlannedAssessment {
                        claims,
                        verification,
                        standard: assessment.standard.clone(),
                        credibility: assessment.credibility.clone(),
                        reason: assessment.because.clone(),
                        at: at.clone(),
                    });
                }
                Meant::LeftOut => self.plan.left_out.push(at.problem(
                    "the assessment is left out: its claims are in a source whose original was not given",
                    "",
                )),
                Meant::Unknown => {}
            }
        }
    }

    pub(super) fn preferences(&mut self) {
        for preference in &self.case_file.preferences {
            let at = &preference.which.at;
            match self.which(&preference.which) {
                // Several sources may give the value: the first, in the order of publication, stands for it.
                Meant::Claims(claims) => {
                    if let Some(claim) = claims.first() {
                        let preference =
                            PlannedPreference { claim: *claim, reason: preference.because.clone(), at: at.clone() };
                        self.plan.preferences.push(preference);
                    }
                }
                Meant::LeftOut => self.plan.left_out.push(
                    at.problem("the preference is left out: its claim is in a source whose original was not given", ""),
                ),
                Meant::Unknown => {}
            }
        }
    }

    /// The claims of this case file that are meant, in the order of publication.
    fn which(&mut self, which: &Which) -> Meant {
        let (entity, schema) = match self.resolve(&which.about) {
            Resolved::Thing(thing) => (thing.id, thing.schema.clone()),
            Resolved::LeftOut => return Meant::LeftOut,
            Resolved::Unknown => return Meant::Unknown,
        };
        let source = match &which.source {
            None => None,
            Some(key) => match self.resolve(key) {
                Resolved::Thing(thing) => Some(thing.id),
                Resolved::LeftOut => return Meant::LeftOut,
                Resolved::Unknown => return Meant::Unknown,
            },
        };
        if let Err(error) = self.registry.property(&schema, &which.property) {
            self.schema_trouble(&which.at, &error);
            return Meant::Unknown;
        }
        let value = match &which.value {
            None => None,
            Some(value) => match self.value_of(&schema, &which.property, value, &which.at) {
                Some((_, true)) => return Meant::LeftOut,
                Some((parsed, false)) => Some((parsed.canonical(), value.lang.as_ref().map(ToString::to_string))),
                None => return Meant::Unknown,
            },
        };
        let of_property = || {
            self.plan
                .claims()
                .map(|c| (&c.claim, c.origin))
                .filter(|(claim, _)| claim.entity == entity && claim.property == which.property)
                .filter(|(claim, _)| source.is_none_or(|source| claim.source == source))
        };
        let meant: Vec<Digest> = of_property()
            .filter(|(claim, _)| {
                value.as_ref().is_none_or(|(canonical, lang)| {
                    claim.value == *canonical && (lang.is_none() || claim.lang == *lang)
                })
            })
            .map(|(_, origin)| origin)
            .collect();
        if !meant.is_empty() {
            return Meant::Claims(meant);
        }
        if !self.problems.is_empty() || self.plan.sources_left_out > 0 {
            // The claim may be among those that have a problem of their own, or that are left out.
            return Meant::LeftOut;
        }
        let mut said: Vec<String> = of_property().map(|(claim, _)| format!("“{}”", claim.value)).collect();
        said.sort();
        said.dedup();
        let hint = if said.is_empty() {
            format!("No claim of this case file is about {} of “{}”.", which.property, which.about.key)
        } else {
            format!("The claims say {}.", said.join(", "))
        };
        let what = match &which.value {
            Some(value) => {
                format!("no claim says that {} of “{}” is “{}”", which.property, which.about.key, value.text)
            }
            None => format!("nothing is claimed of {} of “{}”", which.property, which.about.key),
        };
        self.problem(&which.at, what, hint);
        Meant::Unknown
    }
}
