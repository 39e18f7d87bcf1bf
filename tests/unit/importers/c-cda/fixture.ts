/** C-CDA documents with one vital sign and one problem each; all values are made up. */
import { fileLaws } from '../law-fixture.ts'

const document = (day: number) => `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
<id root="1.2.3" extension="doc-${day}"/>
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary ${day}</title>
<effectiveTime value="2026010${day}120000+0100"/>
<recordTarget><patientRole><id root="1.2.3" extension="p"/><patient><name><given>Ada</given><family>Test</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19800203"/></patient></patientRole></recordTarget>
<component><structuredBody>
<component><section><templateId root="2.16.840.1.113883.10.20.22.2.4.1"/>
<code code="8716-3" codeSystem="2.16.840.1.113883.6.1"/><title>Vital signs</title><text/>
<entry><organizer classCode="CLUSTER" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.26"/>
<id root="1.2.3" extension="o-${day}"/><code code="46680005" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
<effectiveTime value="2026010${day}080000+0100"/>
<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.27"/>
<id root="1.2.3" extension="w-${day}"/><code code="29463-7" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
<effectiveTime value="2026010${day}080000+0100"/><value xsi:type="PQ" value="8${day}" unit="kg"/></observation></component>
</organizer></entry></section></component>
<component><section><templateId root="2.16.840.1.113883.10.20.22.2.5.1"/>
<code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title><text/>
<entry><act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/>
<id root="1.2.3" extension="concern-${day}"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>
<effectiveTime><low value="20200101"/></effectiveTime>
<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
<templateId root="2.16.840.1.113883.10.20.22.4.4"/><id root="1.2.3" extension="problem-${day}"/>
<code code="64572001" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
<effectiveTime><low value="2020010${day}"/></effectiveTime>
<value xsi:type="CD" code="195967001" codeSystem="2.16.840.1.113883.6.96" displayName="Asthma"/>
</observation></entryRelationship></act></entry></section></component>
</structuredBody></component></ClinicalDocument>`

export const laws = fileLaws('c-cda', {
  '1.xml': document(1),
  '2.xml': document(2),
  '3.xml': document(3),
  '4.xml': document(4),
})
