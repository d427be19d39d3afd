import { Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';

export interface SettingsFieldProps extends TextFieldProps {
  label: string;
  hint?: string | undefined;
  placeholder?: string;
}

export function SettingsField({ label, hint, placeholder, ...props }: SettingsFieldProps) {
  return (
    <TextField {...props} className="field">
      <Label>{label}</Label>
      <Input placeholder={placeholder} />
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
    </TextField>
  );
}
